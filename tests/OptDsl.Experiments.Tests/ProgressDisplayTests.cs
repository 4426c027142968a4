using System.Globalization;
using Spectre.Console;

namespace OptDsl.Experiments.Tests;

/// <summary>What is said of work that takes long, by a clock that moves when it is told to.</summary>
public class ProgressDisplayTests
{
    [Fact]
    public void Work_is_named_after_a_second_and_its_share_later()
    {
        using var words = new StringWriter();
        var clock = new Clock();
        ProgressDisplay.Run(ConsoleOf(words), [], progress =>
        {
            using (IProgressStage stage = progress.Begin("first"))
            {
                stage.Report(0.1);
            }

            using (IProgressStage stage = progress.Begin("second"))
            {
                clock.Pass(TimeSpan.FromSeconds(1));
                stage.Report(0.42);
                clock.Pass(TimeSpan.FromSeconds(10));
            }

            clock.Pass(TimeSpan.FromSeconds(100));
            return 0;
        }, clock);
        Assert.Equal(["second", "second, 42 %"], Lines(words));
    }

    [Fact]
    public void Training_is_told_five_times_and_when_it_takes_long()
    {
        using var words = new StringWriter();
        var clock = new Clock();
        var model = new ModelSettings("slow", 2, 3, 0.1, 100, 0, Rules.Default, 0.1, 0);
        ProgressDisplay.Run(ConsoleOf(words), [model], progress =>
        {
            for (int i = 0; i < 100; i++)
            {
                clock.Pass(TimeSpan.FromSeconds(i is >= 50 and < 56 ? 5 : 0.01));
                progress.Report(model, new SeriesPoint(i, 0, new Errors(1, 1, 1, 1)));
            }

            return 0;
        }, clock);
        Assert.Equal([0, 20, 40, 51, 53, 55, 60, 80],
            Lines(words).Select(line => int.Parse(line.Split("step ")[1].Split(' ')[0], CultureInfo.InvariantCulture)));
    }

    private static string[] Lines(StringWriter words) => [.. words.ToString().Split('\n').Select(line => line.Trim())
        .Where(line => line.Length > 0)];

    private static IAnsiConsole ConsoleOf(StringWriter words)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(words),
        });
        console.Profile.Width = 240;
        return console;
    }

    /// <summary>Time that passes when it is told to.</summary>
    private sealed class Clock : TimeProvider
    {
        private readonly List<Alarm> alarms = [];
        private TimeSpan now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            alarms.Add(new Alarm(alarms, () => callback(state), now + dueTime, period));
            return alarms[^1];
        }

        internal void Pass(TimeSpan time)
        {
            now += time;
            foreach (Alarm alarm in alarms.ToArray().Where(alarm => alarm.Due <= now))
            {
                alarm.Ring(now);
            }
        }

        private sealed class Alarm(List<Alarm> alarms, Action ring, TimeSpan due, TimeSpan period) : ITimer
        {
            internal TimeSpan Due { get; private set; } = due;

            internal void Ring(TimeSpan now)
            {
                Due = now + period;
                ring();
            }

            public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => false;

            public void Dispose() => alarms.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
