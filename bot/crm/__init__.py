"""One module a CRM; modules with an underscore are shared by all of them."""
