variable "private_subnet_ids" {
  description = "Subnets of the nodes, one per availability zone"
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 3
    error_message = "The cluster spans three availability zones."
  }
}
