"""What Slack can ask: thin, a request in, a reply out. `routing` is the one module that knows Bolt."""
