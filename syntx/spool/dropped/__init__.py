"""What people drop into incoming: when it is complete, what it is, how it becomes a job."""
