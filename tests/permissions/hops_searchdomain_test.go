package permissions

// functionHops are those of the function that makes the inside of the domain.
func functionHops(w *world) []hop {
	role := w.role("search-function-role")
	const logStream = "2026/01/31/1"
	return []hop{
		{
			name: "Lambda takes on the role of the domain's function", by: service("lambda.amazonaws.com"),
			does: []string{"sts:AssumeRole"}, on: []target{role.itself()}, with: conditions{"aws:SourceAccount": dataAccount},
			denied: denied{
				"a function of another account":   with("aws:SourceAccount", strange),
				"nobody's account":                without("aws:SourceAccount"),
				"another service":                 by(service("firehose.amazonaws.com"), service("es.amazonaws.com")),
				"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
				"an administrator of the account": by(admin(dataAccount, "admin")),
			},
		},
		{
			name: "the function makes the inside of the domain", by: session(role),
			does: []string{"es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"},
			on:   []target{w.domain("/_index_template/logs"), w.domain("/_plugins/_security/api/rolesmapping/logs-writer")},
			denied: denied{
				"another domain":      on(of("es", "domain/other/_index_template/logs")),
				"the domain itself":   all(doing("es:UpdateDomainConfig", "es:DeleteDomain"), on(w.domain(""))),
				"deleting":            doing("es:ESHttpDelete", "es:ESHttpPatch"),
				"from another domain": doing(crossCluster),
				"another role":        by(sessionOf(dataAccount, "other"), admin(strange, role.name)),
			},
		},
		{
			name: "the function logs", by: session(role),
			does: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, on: []target{w.logStream("search-function-log", logStream)},
			denied: denied{
				"the logs of the domain": on(w.logStream("search-audit-log", logStream)),
				"another log group":      on(of("logs", "log-group:/aws/lambda/other:log-stream:"+logStream)),
				"reading or losing":      doing("logs:GetLogEvents", "logs:DeleteLogStream"),
			},
		},
	}
}

// functionNetworkHops are what Lambda does with the role for the function, and what the function itself may not.
func functionNetworkHops(w *world) []hop {
	role := w.role("search-function-role")
	fromTheCode := with("lambda:SourceFunctionArn", w.only("aws:lambda/function:Function").text("arn"))
	hops := []hop{
		{
			name: "Lambda sees the network", by: session(role),
			does: []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}, on: []target{anything()},
			denied: denied{"changing it": changingTheNetwork()},
		},
		makeInterfacesHop("Lambda", session(role)),
		{
			name: "Lambda uses and deletes interfaces", by: session(role),
			does: []string{"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:DeleteNetworkInterface"},
			on:   []target{networkInterface()},
			denied: denied{
				"in another region": on(interfaceElsewhere()),
				"changing them":     doing("ec2:ModifyNetworkInterfaceAttribute", "ec2:AttachNetworkInterface"),
			},
		},
	}
	for _, h := range hops {
		h.denied["the function's code"] = fromTheCode
	}
	return hops
}

// dashboardsHops are OpenSearch Service's, which signs people in by Cognito.
func dashboardsHops(w *world, signedIn []string) []hop {
	role := w.role("search-dashboards-role")
	userPool, identityPool := of("cognito-idp", "userpool/"+userPoolID), of("cognito-identity", "identitypool/"+identityPoolID)
	var passed []target
	for _, name := range signedIn {
		passed = append(passed, other(dataAccount, name, ""))
	}
	return []hop{
		{
			name: "OpenSearch Service takes on the role for Dashboards", by: service("opensearchservice.amazonaws.com"),
			does: []string{"sts:AssumeRole"}, on: []target{role.itself()},
			with: fromTheDomain(w),
			denied: denied{
				"for another domain":              with("aws:SourceArn", of("es", "domain/other").arn),
				"for another account":             with("aws:SourceAccount", strange),
				"for no domain":                   without("aws:SourceArn"),
				"for nobody":                      without("aws:SourceAccount"),
				"another service":                 by(service("es.amazonaws.com"), service("lambda.amazonaws.com")),
				"session tags":                    doing("sts:TagSession", "sts:SetSourceIdentity"),
				"an administrator of the account": by(admin(dataAccount, "admin")),
			},
		},
		{
			name: "OpenSearch Service uses the user pool", by: session(role),
			does: []string{
				"cognito-idp:AdminInitiateAuth", "cognito-idp:AdminUserGlobalSignOut", "cognito-idp:CreateUserPoolClient",
				"cognito-idp:DeleteUserPoolClient", "cognito-idp:DescribeUserPool", "cognito-idp:DescribeUserPoolClient",
				"cognito-idp:ListUserPoolClients", "cognito-idp:UpdateUserPoolClient",
			},
			on: []target{userPool},
			denied: denied{
				"another pool": on(of("cognito-idp", "userpool/"+userPoolID+"2")),
				"its people":   doing("cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword", "cognito-idp:DeleteUserPool"),
			},
		},
		{
			name: "OpenSearch Service uses the identity pool", by: session(role),
			does: []string{"cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles", "cognito-identity:UpdateIdentityPool"},
			on:   []target{identityPool},
			denied: denied{
				"another pool": on(of("cognito-identity", "identitypool/"+identityPoolID+"2")),
				"losing it":    doing("cognito-identity:DeleteIdentityPool", "cognito-identity:TagResource"),
			},
		},
		{
			name: "OpenSearch Service sets the roles of identity pools", by: session(role),
			does: []string{"cognito-identity:SetIdentityPoolRoles"}, on: []target{anything()},
			denied: denied{"losing them": doing("cognito-identity:DeleteIdentities", "cognito-identity:CreateIdentityPool")},
		},
		{
			name: "OpenSearch Service passes the roles of people", by: session(role), does: []string{"iam:PassRole"}, on: passed,
			with: conditions{"iam:PassedToService": "cognito-identity.amazonaws.com"},
			denied: denied{
				"another role":       on(other(dataAccount, "other", ""), target{arn: role.arn, account: role.account}),
				"to another service": with("iam:PassedToService", "lambda.amazonaws.com", "es.amazonaws.com"),
				"to nobody":          without("iam:PassedToService"),
			},
		},
	}
}

// searchHop is of somebody who searches. Of which documents is for the roles inside the domain to say.
func searchHop(w *world, person caller) hop {
	return hop{
		name: person.principal + " searches", by: person,
		does: []string{"es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"},
		on:   []target{w.domain("/_dashboards/app/discover"), w.domain("/logs-2026-01-31/_search")},
		denied: denied{
			"another domain":              on(of("es", "domain/other/_dashboards/app/discover")),
			"the domain itself":           all(doing("es:UpdateDomainConfig", "es:DeleteDomain"), on(w.domain(""))),
			"from another domain":         doing(crossCluster),
			"another role of the account": by(sessionOf(dataAccount, "other"), session(w.role("writer-role"))),
			"an administrator of another": by(admin(strange, "admin"), admin(serviceAccount, "admin"), admin(readerAccount, "admin")),
			"nobody in particular":        by(anonymous()),
			"a service":                   by(service("lambda.amazonaws.com")),
		},
	}
}

func fromTheDomain(w *world) conditions {
	return conditions{"aws:SourceAccount": dataAccount, "aws:SourceArn": w.domain("").arn}
}

// domainLogHop is what the domain logs, before which it is not made.
func domainLogHop(w *world) hop {
	const stream = "node-1"
	var logs []target
	for _, kind := range []string{"error", "audit", "slow-search", "slow-index"} {
		logs = append(logs, w.logStream("search-"+kind+"-log", stream))
	}
	elsewhere := of("logs", "log-group:other:log-stream:"+stream)
	elsewhere.attached = logs[0].attached
	return hop{
		name: "the domain logs", by: service("es.amazonaws.com"),
		does: []string{"logs:CreateLogStream", "logs:PutLogEvents"}, on: logs, with: fromTheDomain(w),
		denied: denied{
			"another domain":         with("aws:SourceArn", of("es", "domain/other").arn),
			"one of another account": with("aws:SourceAccount", strange),
			"no domain":              without("aws:SourceArn"),
			"nobody's domain":        without("aws:SourceAccount"),
			"another log group":      on(elsewhere),
			"reading or losing":      doing("logs:GetLogEvents", "logs:DeleteLogStream"),
			"another service":        by(service("opensearchservice.amazonaws.com"), service("delivery.logs.amazonaws.com")),
			"another role":           by(sessionOf(dataAccount, "other")),
			"an admin of a third":    by(admin(strange, "admin")),
		},
	}
}
