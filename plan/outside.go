package plan

// Reach says what holds for the place where avow runs, so that a receipt can
// name what lies outside it.
type Reach struct {
	Postgres    bool // avow's own stores are on PostgreSQL
	SameCluster bool // keys and data share one PostgreSQL cluster, by an explicit override
	Systems     bool // some outside system was touched
}

// Outside returns what an erasure cannot answer for.
func (r Reach) Outside() []Statement {
	out := []Statement{
		{"flash", Text{
			"en":    "Storage devices may keep overwritten blocks for a while. Within avow's own stores they hold only what the destroyed keys had sealed.",
			"zh-CN": "存储设备可能在一段时间内保留已被覆盖的块。在 avow 自己的存储中，这些块只含由已销毁密钥加密的内容。",
		}},
		{"snapshots", Text{
			"en":    "Snapshots and copies of disks, made by others than avow, are theirs to end.",
			"zh-CN": "由 avow 以外的人制作的磁盘快照和副本，由制作者负责清除。",
		}},
	}
	if r.Systems {
		out = append(out, Statement{"systems", Text{
			"en":    "Backups, replicas, logs and caches of the outside systems are not searched.",
			"zh-CN": "外部系统的备份、副本、日志和缓存不在搜索范围内。",
		}})
	}
	if r.Postgres {
		out = append(out, Statement{"dead-tuples", Text{
			"en":    "PostgreSQL keeps old versions of wrapped keys until it vacuums and recycles its log; they end with the next epoch.",
			"zh-CN": "PostgreSQL 在清理和日志回收之前会保留已封装密钥的旧版本；它们随下一个密钥周期失效。",
		}})
	}
	if r.SameCluster {
		out = append(out, Statement{"same-cluster", Text{
			"en":    "Keys and data share one database cluster, by an explicit setting of the controller: one backup of it holds both until the next epoch.",
			"zh-CN": "经控制者明确设置，密钥与数据位于同一数据库集群：在下一个密钥周期之前，该集群的一份备份同时包含两者。",
		}})
	}
	return out
}

// OutsidePackage returns what an access request cannot answer for.
func OutsidePackage() []Statement {
	return []Statement{{"systems", Text{
		"en":    "The package holds what the listed systems hold. Backups, replicas, logs and caches of outside systems are not searched.",
		"zh-CN": "数据包包含所列系统中的数据。外部系统的备份、副本、日志和缓存不在搜索范围内。",
	}}}
}

// OutsideChange returns what a correction or a restriction cannot answer for.
func OutsideChange(systems bool) []Statement {
	out := []Statement{}
	if systems {
		out = append(out, Statement{"systems", Text{
			"en":    "Backups, replicas, logs and caches of the outside systems hold what was there before until they are renewed.",
			"zh-CN": "外部系统的备份、副本、日志和缓存在更新之前仍含更改前的内容。",
		}})
	}
	return out
}
