# What the module promises. No credentials are needed: nothing is asked of AWS.
mock_provider "aws" {}

variables {
  name = "orders-archive"
}

run "makes_the_bucket" {
  command = plan

  variables {
    tags = { team = "orders" }
  }

  assert {
    condition     = aws_s3_bucket.this.bucket == "orders-archive"
    error_message = "The bucket must have the name that was given."
  }

  assert {
    condition     = aws_s3_bucket.this.tags["team"] == "orders"
    error_message = "The bucket must have the tags that were given."
  }
}

run "lets_nobody_read_it" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Every kind of public access must be blocked."
  }
}

run "refuses_a_wrong_name" {
  command = plan

  variables {
    name = "Orders"
  }

  expect_failures = [var.name]
}
