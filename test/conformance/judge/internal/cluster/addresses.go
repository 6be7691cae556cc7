package cluster

import "fmt"

// addresses hands out the addresses that a cluster would assign.
type addresses struct{ pods, services int }

func (a *addresses) nextPod() string {
	a.pods++
	return fmt.Sprintf("10.244.%d.%d", a.pods/250, a.pods%250+1)
}

func (a *addresses) nextService() string {
	a.services++
	return fmt.Sprintf("10.96.%d.%d", a.services/250, a.services%250+1)
}
