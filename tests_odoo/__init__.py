"""The product against an Odoo that runs: `make test-odoo`. The whole suite does without."""
