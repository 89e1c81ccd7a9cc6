"""What is decided: functions of their arguments alone, without clock, database or Slack."""
