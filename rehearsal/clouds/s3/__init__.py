"""A stand-in of the S3 API of Object Storage, with what restic uses."""
