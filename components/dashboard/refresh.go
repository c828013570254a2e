package dashboard

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/quicksight"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/metricviews"
)

const (
	leastRefreshMinutes   = 15
	defaultRefreshMinutes = 60
	// defaultLookbackHours is longer than the batch looks back by default: the 24 hours that an event may be late, and 26 more.
	defaultLookbackHours = 72

	// dailyAt is when a daily refresh is, in UTC.
	dailyAt = "06:00"
)

// intervals are what QuickSight refreshes SPICE by, by their minutes. The two shorter ones are for incremental refreshes alone
// (docs.aws.amazon.com/quicksight/latest/APIReference/API_RefreshFrequency.html).
var intervals = map[int]string{leastRefreshMinutes: "MINUTE15", 30: "MINUTE30", defaultRefreshMinutes: "HOURLY", 1440: "DAILY"}

// RefreshMinutes is how often SPICE can be refreshed.
var RefreshMinutes = fault.Rule[int]{
	Allowed: "one of 15, 30, 60, 1440",
	Refuse: func(minutes int) (fault.Problem, bool) {
		if minutes < leastRefreshMinutes {
			return fault.Problemf("less than the 15 minutes that QuickSight's SPICE takes at least: for newer numbers use DIRECT_QUERY"), true
		}
		return fault.Problemf("no interval of QuickSight's SPICE"), intervals[minutes] == ""
	},
	Nearest: func(minutes int) string {
		if minutes < leastRefreshMinutes {
			return strconv.Itoa(leastRefreshMinutes)
		}
		return ""
	},
	Schema: map[string]any{"enum": []int{15, 30, 60, 1440}},
}

// LookbackHours is how far back a refresh can go. The service has no limit of its own: a year is enough.
var LookbackHours = fault.Between(1, 8_784)

// Refresh says when SPICE is refreshed. A refresh takes the rows of the last hours anew, and keeps the older ones.
type Refresh struct {
	// Minutes is how often: 15, 30, 60 or 1440, which is at 06:00 UTC; default 60.
	Minutes int
	// LookbackHours is how far back a refresh goes, by the start of the minutes: 1 to 8784, default 72. What a batch changes further
	// back is seen after a full refresh only, which owners can start.
	LookbackHours int
}

func (r Refresh) resolve() Refresh {
	return Refresh{Minutes: cmp.Or(r.Minutes, defaultRefreshMinutes), LookbackHours: cmp.Or(r.LookbackHours, defaultLookbackHours)}
}

func (r Refresh) check(path fault.Path, mode ImportMode) fault.List {
	const importMode fault.Path = "ImportMode"
	if mode != SPICE {
		return fault.When(r != Refresh{}, fault.Fault{
			Path: path, Reads: []fault.Path{importMode}, Problem: fault.Problemf("nothing is refreshed, as %s is not SPICE", importMode),
		})
	}
	return fault.Join(
		RefreshMinutes.Check(path.Field("Minutes"), r.Minutes),
		LookbackHours.Check(path.Field("LookbackHours"), r.LookbackHours),
	)
}

// properties say what an incremental refresh takes anew.
func (r Refresh) properties() quicksight.DataSetRefreshPropertiesPtrInput {
	return quicksight.DataSetRefreshPropertiesArgs{
		RefreshConfiguration: quicksight.DataSetRefreshPropertiesRefreshConfigurationArgs{
			IncrementalRefresh: quicksight.DataSetRefreshPropertiesRefreshConfigurationIncrementalRefreshArgs{
				LookbackWindow: quicksight.DataSetRefreshPropertiesRefreshConfigurationIncrementalRefreshLookbackWindowArgs{
					ColumnName: pulumi.String("window_start"), Size: pulumi.Int(r.LookbackHours), SizeUnit: pulumi.String("HOUR"),
				},
			},
		},
	}
}

// provisionRefresh makes the schedule of the data set in SPICE.
func (d *Dashboard) provisionRefresh(ctx *pulumi.Context) error {
	if d.args.ImportMode != SPICE {
		return nil
	}
	frequency := quicksight.RefreshScheduleScheduleScheduleFrequencyArgs{Interval: pulumi.String(intervals[d.args.Refresh.Minutes])}
	if intervals[d.args.Refresh.Minutes] == "DAILY" {
		frequency.TimeOfTheDay, frequency.Timezone = pulumi.String(dailyAt), pulumi.String("UTC")
	}
	_, err := quicksight.NewRefreshSchedule(ctx, d.name+"-refresh", &quicksight.RefreshScheduleArgs{
		AwsAccountId: pulumi.String(d.place.AccountID()),
		DataSetId:    d.dataSets[metricviews.All].DataSetId,
		ScheduleId:   pulumi.String(d.prefix + "-refresh"),
		Schedule: quicksight.RefreshScheduleScheduleArgs{
			RefreshType: pulumi.String("INCREMENTAL_REFRESH"), ScheduleFrequency: frequency,
		},
	}, pulumi.Parent(d))
	if err != nil {
		return fmt.Errorf("create refresh schedule: %w", err)
	}
	return nil
}
