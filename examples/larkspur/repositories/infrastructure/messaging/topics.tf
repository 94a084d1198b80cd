# Partitions can be added later, never taken away.
locals {
  topics = {
    "payments.authorised.v1"     = { partitions = 12, retention_days = 30 }
    "payments.captured.v1"       = { partitions = 12, retention_days = 30 }
    "payments.declined.v1"       = { partitions = 6, retention_days = 30 }
    "orders.placed.v1"           = { partitions = 12, retention_days = 30 }
    "orders.changed.v1"          = { partitions = 12, retention_days = 30 }
    "orders.returned.v1"         = { partitions = 6, retention_days = 30 }
    "inventory.level-changed.v1" = { partitions = 24, retention_days = 7 }
    "inventory.sold-out.v1"      = { partitions = 6, retention_days = 7 }
  }
}

output "topics" {
  description = "Read by the topic operator in the cluster"
  value       = local.topics
}
