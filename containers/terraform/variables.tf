variable "region" {
  description = "Where everything is"
  type        = string
}

variable "name" {
  description = "Name of the cluster, and first part of all other names"
  type        = string
  default     = "mall"
}

variable "operator_cidrs" {
  description = "Addresses that may reach the cluster's API, such as [\"203.0.113.7/32\"]"
  type        = list(string)

  validation {
    condition     = length(var.operator_cidrs) > 0 && !contains(var.operator_cidrs, "0.0.0.0/0")
    error_message = "Name the addresses of those who operate the cluster; the whole world is not among them."
  }
}

variable "node_instance_types" {
  description = "Machines of the cluster: 27 small pods, and one of three NATS servers on each"
  type        = list(string)
  default     = ["m7g.large"]
}

variable "database_instance_class" {
  description = "Machine of Postgres"
  type        = string
  default     = "db.m7g.large"
}
