"""The consumer: claims jobs, answers and scores them, settles them."""
