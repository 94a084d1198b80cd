terraform {
  required_version = ">= 1.9"
}

module "this" {
  source = "../.."

  name   = "${{ values.name }}-example"
  labels = { purpose = "example" }
}

output "id" {
  description = "Identity of what was made."
  value       = module.this.id
}
