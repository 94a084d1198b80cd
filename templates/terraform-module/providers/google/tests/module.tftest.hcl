# What the module promises. No credentials are needed: nothing is asked of Google Cloud.
mock_provider "google" {}

variables {
  name     = "orders-archive"
  location = "EU"
}

run "makes_the_bucket" {
  command = plan

  variables {
    labels = { team = "orders" }
  }

  assert {
    condition     = google_storage_bucket.this.name == "orders-archive"
    error_message = "The bucket must have the name that was given."
  }

  assert {
    condition     = google_storage_bucket.this.labels["team"] == "orders"
    error_message = "The bucket must have the labels that were given."
  }
}

run "lets_nobody_read_it" {
  command = plan

  assert {
    condition     = google_storage_bucket.this.public_access_prevention == "enforced"
    error_message = "Public access must be prevented."
  }
}

run "refuses_a_wrong_name" {
  command = plan

  variables {
    name = "Orders"
  }

  expect_failures = [var.name]
}
