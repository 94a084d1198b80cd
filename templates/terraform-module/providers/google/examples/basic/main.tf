terraform {
  required_version = ">= 1.9"
}

# The project comes from GOOGLE_PROJECT.
provider "google" {}

module "storage" {
  source = "../.."

  name     = "${{ values.name }}-example"
  location = "EU"
  labels   = { purpose = "example" }
}

output "id" {
  description = "URL of the bucket."
  value       = module.storage.id
}
