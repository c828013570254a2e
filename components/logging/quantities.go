package logging

import "strconv"

// mebibytes is a quantity of n MiB as Kubernetes writes it: in the largest unit that leaves a whole number.
func mebibytes(n int) string {
	units := []string{"Mi", "Gi", "Ti", "Pi"}
	for n%1024 == 0 && len(units) > 1 {
		n, units = n/1024, units[1:]
	}
	return strconv.Itoa(n) + units[0]
}

// millicores is a quantity of n thousandths of a CPU as Kubernetes writes it.
func millicores(n int) string {
	if n%1000 == 0 {
		return strconv.Itoa(n / 1000)
	}
	return strconv.Itoa(n) + "m"
}
