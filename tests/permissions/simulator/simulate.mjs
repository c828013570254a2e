// Reads {policies, requests, mutants} on standard input and writes {verdicts, mutants}: what each request comes to, and
// which mutants of the policies change what a request comes to.
import { text } from 'node:stream/consumers'
import {
  createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy, validateTrustPolicy,
} from '@cloud-copilot/iam-policy'
import { anonymousPrincipal, runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

// Condition keys that runSimulation drops though requests have them; any other that it drops is a mistake in the request.
const droppedKeys = [
  // Keys with a part of their own, which the library's list cannot name: an encryption context whose key has colons, an
  // OIDC issuer with a path.
  { key: /^kms:EncryptionContext:[^/]+$/i },
  { key: /^[\w.-]+(\/[\w.-]+)+:(aud|sub)$/ },
  // These two are no calls of their own but are asked for within AssumeRole, whose ExternalId is given here too: without
  // it they might be denied for the lack of it.
  { key: /^sts:ExternalId$/i, actions: ['sts:TagSession', 'sts:SetSourceIdentity'] },
]

function mayDrop(name, action) {
  return droppedKeys.some(({ key, actions }) => key.test(name) && (actions?.includes(action) ?? true))
}

const { policies, requests, mutants } = JSON.parse(await text(process.stdin))

// A policy is checked once; one without a name would stop runUnsafeSimulation.
const checkedPolicies = Object.fromEntries(
  Object.entries(policies).map(([name, document]) => [name, createValidatedPolicy(document, validator(document), { name })]),
)
for (const [name, { errors }] of Object.entries(checkedPolicies)) {
  if (errors.length > 0) {
    throw new Error(`the policy of ${name} is not valid: ${JSON.stringify(errors)}`)
  }
}

function validator(document) {
  const [statement] = document.Statement
  if (!statement.Principal) return validateIdentityPolicy
  return statement.Resource ? validateResourcePolicy : validateTrustPolicy
}

function simulation(request, policyOf) {
  const named = (name) => ({ name, policy: policyOf(name) })
  return {
    request: {
      principal: request.principal === 'anonymous' ? anonymousPrincipal : request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.account },
      contextVariables: request.context,
    },
    identityPolicies: request.identity.map(named),
    resourcePolicy: request.attached ? policyOf(request.attached) : undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }
}

// The decision is made with every key of the context; policies and requests must have been found valid before.
function decide(request, policyOf) {
  return runUnsafeSimulation(simulation(request, policyOf), {})
}

const asGiven = (name) => checkedPolicies[name]

async function verdict(request) {
  const decision = decide(request, asGiven)
  const error = await fault(request, decision)
  if (error) {
    return { decision, error }
  }
  return { decision, why: (decision === 'Allowed') === request.want ? [] : await explain(request) }
}

// What makes no sense in a request does so whoever calls, and finding it takes longer than deciding.
const faults = new Map()

async function fault(request, decision) {
  const kind = JSON.stringify([request.action, request.resource, Object.keys(request.context)])
  if (!faults.has(kind)) {
    faults.set(kind, await findFault(request, decision))
  }
  return faults.get(kind)
}

async function findFault(request, decision) {
  const checked = await runSimulation(simulation(request, asGiven), {})
  if (checked.resultType !== 'single') {
    return JSON.stringify(checked.errors ?? checked.resultType)
  }
  const dropped = checked.result.ignoredContextKeys
  const unknown = dropped.filter((key) => !mayDrop(key, request.action))
  if (unknown.length > 0) {
    return `${request.action} has no condition key ${unknown.join(', ')}`
  }
  if (dropped.length === 0 && decision !== checked.overallResult) {
    return `decided ${decision}, but ${checked.overallResult} with the context checked`
  }
  return ''
}

async function explain(request) {
  const { analysis, ignoredContextKeys: dropped } = (await runSimulation(simulation(request, asGiven), {})).result
  const lines = []
  for (const [side, of] of [['identity', analysis.identityAnalysis], ['attached', analysis.resourceAnalysis]]) {
    for (const s of [...of.denyStatements, ...of.allowStatements, ...of.unmatchedStatements]) {
      lines.push(`${side} ${s.explain.effect} ${s.explain.identifier}: ${reason(s, dropped)}`)
    }
  }
  return lines
}

function reason({ explain, principalMatch }, dropped) {
  const misses = []
  if (!explain.actionMatch) misses.push('another action')
  if (!explain.resourceMatch) misses.push('another resource')
  if (principalMatch === 'NoMatch') misses.push('another principal')
  for (const c of explain.conditions ?? []) {
    if (dropped.some((key) => key.toLowerCase() === c.conditionKeyValue.toLowerCase())) {
      misses.push(`if ${c.conditionKeyValue} holds`)
    } else if (!c.matches) {
      misses.push(`${c.conditionKeyValue} is ${JSON.stringify(c.resolvedConditionKeyValue ?? 'missing')}`)
    }
  }
  return misses.join(', ') || 'matches'
}

// A mutant is one policy changed; it is noticed if one of the requests that it names comes to what is wanted then.
function noticed({ policy, changed, requests: candidates, want }) {
  const mutant = createValidatedPolicy(changed, () => [], { name: policy })
  const policyOf = (name) => (name === policy ? mutant : asGiven(name))
  return candidates.some((i) => (decide(requests[i], policyOf) === 'Allowed') === want)
}

const verdicts = []
for (const request of requests) {
  verdicts.push(await verdict(request))
}
process.stdout.write(JSON.stringify({ verdicts, mutants: mutants.map(noticed) }))
