"""`handoff demo`: a local Slack look-alike with its page, a demo CRM, and applicants arriving."""
