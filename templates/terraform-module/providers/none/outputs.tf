output "id" {
  description = "Identity of what was made."
  value       = terraform_data.this.id
}

output "name" {
  description = "Name of what was made."
  value       = terraform_data.this.output.name
}
