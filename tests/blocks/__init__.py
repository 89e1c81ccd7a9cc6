"""Every screen in every state, against golden files, Slack's limits and hostile texts."""
