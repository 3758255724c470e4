"""Document jobs: a request and attachments become a checked document in the asked format."""
