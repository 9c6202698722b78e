"""What people do about findings: status, assignee, comments, due days; detection is not changed by it."""
