# What the module promises.
variables {
  name = "orders-archive"
}

run "makes_it" {
  variables {
    labels = { team = "orders" }
  }

  assert {
    condition     = output.name == "orders-archive"
    error_message = "It must have the name that was given."
  }

  assert {
    condition     = terraform_data.this.output.labels["team"] == "orders"
    error_message = "It must have the labels that were given."
  }
}

run "refuses_a_wrong_name" {
  command = plan

  variables {
    name = "Orders"
  }

  expect_failures = [var.name]
}
