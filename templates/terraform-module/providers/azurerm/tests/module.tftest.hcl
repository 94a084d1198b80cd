# What the module promises. No credentials are needed: nothing is asked of Azure.
mock_provider "azurerm" {}

variables {
  name                = "ordersarchive"
  resource_group_name = "orders"
  location            = "westeurope"
}

run "makes_the_account" {
  command = plan

  variables {
    tags = { team = "orders" }
  }

  assert {
    condition     = azurerm_storage_account.this.name == "ordersarchive"
    error_message = "The account must have the name that was given."
  }

  assert {
    condition     = azurerm_storage_account.this.tags["team"] == "orders"
    error_message = "The account must have the tags that were given."
  }
}

run "lets_nobody_read_it" {
  command = plan

  assert {
    condition     = azurerm_storage_account.this.allow_nested_items_to_be_public == false
    error_message = "Nothing in the account may be public."
  }
}

run "refuses_a_wrong_name" {
  command = plan

  variables {
    name = "orders-archive"
  }

  expect_failures = [var.name]
}
