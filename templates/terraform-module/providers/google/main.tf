# A bucket that nobody can read by mistake, with its history.
resource "google_storage_bucket" "this" {
  name     = var.name
  location = var.location
  labels   = var.labels

  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  versioning {
    enabled = true
  }
}
