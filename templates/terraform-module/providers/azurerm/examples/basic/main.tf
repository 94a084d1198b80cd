terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
  }
}

# The subscription comes from ARM_SUBSCRIPTION_ID.
provider "azurerm" {
  features {}
}

resource "azurerm_resource_group" "example" {
  name     = "${{ values.name }}-example"
  location = "westeurope"
}

module "storage" {
  source = "../.."

  name                = "examplestorage"
  resource_group_name = azurerm_resource_group.example.name
  location            = azurerm_resource_group.example.location
  tags                = { purpose = "example" }
}

output "id" {
  description = "Resource id of the storage account."
  value       = module.storage.id
}
