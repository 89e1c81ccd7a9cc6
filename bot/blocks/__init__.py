"""What people see: values in, Block Kit out. Nothing here reads a clock, a database or Slack."""
