package capacity

// SearchLimits are those of an instance type of a search domain.
type SearchLimits struct {
	// SmallestGiB and LargestGiB are the gp3 volumes that a node takes.
	SmallestGiB, LargestGiB int
	// MostInstances is how many a domain can have.
	MostInstances int
}

// SearchLimitsOf are the limits of one of [SearchInstanceTypes]; false for any other.
func SearchLimitsOf(instanceType string) (SearchLimits, bool) {
	t := searchTypeOf(instanceType)
	return SearchLimits{SmallestGiB: t.smallestGiB, LargestGiB: t.largestGiB, MostInstances: t.most}, t.name != ""
}
