package firstmile

// The kubelet's defaults (kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1: containerLogMaxSize,
// containerLogMaxFiles, containerLogMonitorInterval).
const (
	logFileBytes    = 10 << 20
	logFiles        = 5
	logCheckSeconds = 10
)

// pod is the log of one container: how many records were written and read, and where its files start, oldest first.
// Fluent Bit gives a rotated file up 5 s after it saw the rotation (Rotate_Wait). Here it reads on as long as the kubelet has
// the file, which is kinder to an agent that has paused.
type pod struct {
	written, read int64
	starts        [logFiles]int64
	files         int
}

// rotate sets a full file aside, deletes what is one too many, and says how many records nobody has read of that.
func (p *pod) rotate(recordBytes int) (lost int64) {
	if p.files == 0 {
		p.files = 1
	}
	if (p.written-p.starts[p.files-1])*int64(recordBytes) < logFileBytes {
		return 0
	}
	if p.files < logFiles {
		p.starts[p.files] = p.written
		p.files++
		return 0
	}
	copy(p.starts[:], p.starts[1:])
	p.starts[logFiles-1] = p.written
	if p.read < p.starts[0] {
		lost = p.starts[0] - p.read
		p.read = p.starts[0]
	}
	return lost
}

// logSecond writes a second's records. A pod's rate varies by half at random.
func (s *simulation) logSecond() {
	if s.now >= s.config.End.Seconds() {
		return
	}
	loud := max(1, s.config.LoudNode)
	shares := float64(s.config.PodsPerNode) * (float64(s.config.Nodes-1) + loud)
	even := s.config.Rate(seconds(s.now)) / shares
	for i := range s.agents {
		rate := even
		if i == 0 {
			rate *= loud
		}
		for j := range s.agents[i].pods {
			n := int64(rate*(0.5+s.random.Float64()) + s.random.Float64())
			s.agents[i].pods[j].written += n
			s.result.Logged += n
		}
	}
}

func (s *simulation) rotateLogs() {
	for i := range s.agents {
		for j := range s.agents[i].pods {
			s.result.Rotated += s.agents[i].pods[j].rotate(s.config.RecordBytes)
		}
	}
}
