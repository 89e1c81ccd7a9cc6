"""HTTP from outside: what Slack sends, CRM sign-ins coming back, new applications, health."""
