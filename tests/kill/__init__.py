"""The real processes, killed at any instant, between a Slack and a CRM whose answers get lost."""
