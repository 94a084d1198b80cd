terraform {
  required_version = ">= 1.9"
}

provider "aws" {
  region = "eu-central-1"
}

module "storage" {
  source = "../.."

  name = "${{ values.name }}-example"
  tags = { purpose = "example" }
}

output "id" {
  description = "ARN of the bucket."
  value       = module.storage.id
}
