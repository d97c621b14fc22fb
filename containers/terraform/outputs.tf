output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name`"
  value       = module.cluster.cluster_name
}

output "image_repository" {
  description = "Where the image is pushed, and `newName` of containers/kubernetes"
  value       = aws_ecr_repository.mall.repository_url
}

output "postgres_host" {
  description = "`host` of the secret mall-postgres"
  value       = aws_db_instance.postgres.address
}

output "postgres_admin_secret" {
  description = "The secret in Secrets Manager that has `username` and `password` of mall-postgres"
  value       = aws_db_instance.postgres.master_user_secret[0].secret_arn
}

output "public_subnets" {
  description = "Where load balancers are: the policy `gateway` of containers/kubernetes lets them in"
  value       = module.network.public_subnets_cidr_blocks
}
