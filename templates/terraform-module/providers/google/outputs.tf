output "id" {
  description = "URL of the bucket, such as gs://name."
  value       = google_storage_bucket.this.url
}

output "name" {
  description = "Name of the bucket."
  value       = google_storage_bucket.this.name
}
