resource "aws_eks_cluster" "production" {
  name     = "production"
  version  = "1.34"
  role_arn = aws_iam_role.control_plane.arn

  vpc_config {
    subnet_ids              = var.private_subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  tags = {
    team    = "platform"
    service = "production-cluster"
    tier    = "1"
  }
}

resource "aws_eks_node_group" "general" {
  cluster_name    = aws_eks_cluster.production.name
  node_group_name = "general"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = var.private_subnet_ids
  instance_types  = ["m7g.xlarge"]

  scaling_config {
    min_size     = 6
    desired_size = 8
    max_size     = 24
  }
}
