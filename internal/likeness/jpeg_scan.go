package likeness

// scan reads one scan (B.2.3), or passes over it when it holds no means.
func (j *coarseJPEG) scan() error {
	var b [2]byte
	if err := j.src.full(b[:]); err != nil {
		return err
	}
	n := int(b[0])<<8 + int(b[1]) - 2
	if n < 6 || n > 4+2*4 {
		return errJPEG
	}
	head := make([]byte, n)
	if err := j.src.full(head); err != nil {
		return err
	}
	count := int(head[0])
	if n != 4+2*count {
		return errJPEG
	}
	var planes []*component
	for i := range count {
		c := j.component(head[1+2*i])
		if c == nil || head[2+2*i]>>4 > 3 || head[2+2*i]&15 > 3 {
			return errJPEG
		}
		c.dc, c.ac = int(head[2+2*i]>>4), int(head[2+2*i]&15)
		planes = append(planes, c)
	}
	first, high, low := head[n-3], int(head[n-1]>>4), int(head[n-1]&15)
	if !j.progressive {
		high, low = 0, 0
	} else if first != 0 {
		return j.passScan()
	}
	for _, c := range planes {
		switch {
		case high > 0 && (!c.seen || c.finer != high || low != high-1), high == 0 && c.seen, low > 13:
			return errJPEG
		case high == 0 && j.dc[c.dc] == nil, !j.progressive && j.ac[c.ac] == nil:
			return errJPEGTables
		}
	}
	if err := j.units(planes, high > 0, low); err != nil {
		return err
	}
	for _, c := range planes {
		c.seen, c.finer = true, low
	}
	return nil
}

func (j *coarseJPEG) component(id byte) *component {
	for _, c := range j.components {
		if c.id == id {
			return c
		}
	}
	return nil
}

// passScan goes to the marker that ends a scan.
func (j *coarseJPEG) passScan() error {
	for {
		marker, err := j.src.marker()
		if err != nil {
			return err
		}
		if marker < 0xD0 || marker > 0xD7 {
			j.src.found = marker
			return nil
		}
	}
}

// units reads the units of a scan: one square of a plane that stands alone, as
// many of each as its sampling says where planes are interleaved (A.2).
// A scan of a progressive picture has the means but for so many low bits, or
// one more of those (G.1.2.1).
func (j *coarseJPEG) units(planes []*component, more bool, low int) error {
	across, down := ceil(j.width, 8*j.widest), ceil(j.height, 8*j.tallest)
	alone := len(planes) == 1
	if alone {
		c := planes[0]
		across, down = ceil(ceil(j.width*c.h, j.widest), 8), ceil(ceil(j.height*c.v, j.tallest), 8)
	}
	for _, c := range planes {
		h, v := c.h, c.v
		if alone {
			h, v = 1, 1
		}
		c.last = 0
		c.lines = make([][]float32, v)
		for i := range c.lines {
			c.lines[i] = make([]float32, across*h)
		}
	}
	j.src.begin()
	done := 0
	for y := range down {
		for x := range across {
			if j.restart > 0 && done > 0 && done%j.restart == 0 {
				if err := j.restarts(planes); err != nil {
					return err
				}
			}
			done++
			for _, c := range planes {
				h := len(c.lines[0]) / across
				for _, line := range c.lines {
					for i := range h {
						mean, err := j.square(c, more, low)
						if err != nil {
							return err
						}
						line[x*h+i] = mean
					}
				}
			}
		}
		if j.src.overrun() {
			return errJPEGShort
		}
		for _, c := range planes {
			rows := ceil(ceil(j.height*c.v, j.tallest), 8)
			for i, line := range c.lines {
				if at := y*len(c.lines) + i; at < rows {
					c.canvas.row(at, line)
				}
			}
		}
	}
	for _, c := range planes {
		c.lines = nil
	}
	return nil
}

// restarts takes the marker between two parts of a scan (E.2.4).
func (j *coarseJPEG) restarts(planes []*component) error {
	if j.src.overrun() {
		return errJPEGShort
	}
	marker, err := j.src.marker()
	if err != nil {
		return err
	}
	if marker < 0xD0 || marker > 0xD7 {
		return errJPEGShort
	}
	j.src.begin()
	for _, c := range planes {
		c.last = 0
	}
	return nil
}

// square reads one, and returns its mean, 0 to 255, or what is to be added.
func (j *coarseJPEG) square(c *component, more bool, low int) (float32, error) {
	step := j.quant[c.table] / 8
	if j.precision == 12 {
		step /= 16
	}
	if more {
		bit, err := j.src.bit()
		return float32(bit<<low) * step, err
	}
	d, err := j.dc[c.dc].difference(j.src)
	if err != nil {
		return 0, err
	}
	c.last += d
	if !j.progressive {
		if err := j.ac[c.ac].passOver(j.src); err != nil {
			return 0, err
		}
	}
	return float32(c.last<<low)*step + 128, nil
}

// needed are the planes that brightness is made of.
func (j *coarseJPEG) needed() []*component {
	if len(j.components) == 4 || j.isRGB() {
		return j.components
	}
	return j.components[:1]
}

// isRGB says whether three planes are red, green and blue (Adobe Technical
// Note 5116; without Adobe's segment or JFIF's, by their names).
func (j *coarseJPEG) isRGB() bool {
	c := j.components
	switch {
	case len(c) != 3:
		return false
	case j.adobe >= 0:
		return j.adobe == 0
	}
	return !j.jfif && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B'
}

// picture puts the planes together.
func (j *coarseJPEG) picture() *Picture {
	p := &Picture{}
	for i := range p.luma {
		switch {
		case len(j.components) == 4:
			p.luma[i] = j.printed(i)
		case j.isRGB():
			p.luma[i] = brightness(j.at(0, i), j.at(1, i), j.at(2, i))
		default:
			p.luma[i] = j.at(0, i)
		}
	}
	return p
}

func (j *coarseJPEG) at(plane, square int) float32 {
	return min(max(j.components[plane].canvas.sums[square], 0), 255)
}

// printed is the brightness of a square in cyan, magenta, yellow and black,
// which Adobe's programs write as how much light each ink leaves.
func (j *coarseJPEG) printed(i int) float32 {
	c, m, y, k := j.at(0, i), j.at(1, i), j.at(2, i), j.at(3, i)
	switch j.adobe {
	case -1:
		c, m, y, k = 255-c, 255-m, 255-y, 255-k
	case 2: // as brightness and two colours, of what the inks take
		b, r := m-128, y-128
		c, m, y = 255-(c+1.402*r), 255-(c-0.344136*b-0.714136*r), 255-(c+1.772*b)
	}
	return min(max(brightness(c, m, y)*k/255, 0), 255)
}

func brightness(r, g, b float32) float32 { return 0.299*r + 0.587*g + 0.114*b }
