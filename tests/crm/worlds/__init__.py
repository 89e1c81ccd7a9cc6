"""One module a CRM, named by its key in lower case, with its `World`."""
