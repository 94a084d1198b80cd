variable "name" {
  description = "Name of the storage account, unique in the world."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "The name has 3 to 24 small letters and digits."
  }
}

variable "resource_group_name" {
  description = "The resource group in which the account is."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Where the account is, such as westeurope."
  type        = string
  nullable    = false
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
