# Fills in the container that the tag names, where the agent could not ask Kubernetes.

# The agent's tag is kubernetes. and the path, with dots for its slashes, of the link that the kubelet makes
# (gh:kubernetes/kubernetes pkg/kubelet/kuberuntime/legacy.go, legacyLogSymlink).
@container = /\Akubernetes\.var\.log\.containers\.(?<pod_name>[^_]+)_(?<namespace_name>[^_]+)_(?<container_name>.+)-\h{64}\.log\z/

@each = lambda do |record, tag|
  found = @container.match(tag)
  next unless found
  record["kubernetes"] = {} unless record["kubernetes"].is_a?(Hash)
  known = record["kubernetes"]
  found.named_captures.each { |name, value| known[name] = value if known[name].to_s.empty? }
end
