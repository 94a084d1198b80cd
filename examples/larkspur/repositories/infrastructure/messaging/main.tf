resource "aws_msk_cluster" "event_bus" {
  cluster_name           = "event-bus"
  kafka_version          = "3.9.x"
  number_of_broker_nodes = 3

  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = var.private_subnet_ids
    security_groups = var.security_group_ids

    storage_info {
      ebs_storage_info {
        volume_size = 500
      }
    }
  }

  tags = {
    team    = "platform"
    service = "event-bus"
    tier    = "1"
  }
}

variable "private_subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = list(string)
}
