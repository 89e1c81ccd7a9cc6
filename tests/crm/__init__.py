"""The CRMs: what is common to all in `test_contract`, what is one CRM's own in a file of its name."""
