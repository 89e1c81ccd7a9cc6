"""Handoff: a Slack bot for recruitment teams."""
