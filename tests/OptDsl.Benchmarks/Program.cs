using System.Diagnostics;
using OptDsl;
using OptDsl.Benchmarks;

string? json = null;
bool quick = false, usage = false;
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--quick")
    {
        quick = true;
    }
    else if (args[i] == "--json" && i + 1 < args.Length)
    {
        json = args[++i];
    }
    else
    {
        usage = true;
    }
}

if (usage || !quick)
{
    Console.Error.WriteLine("usage: OptDsl.Benchmarks --quick [--json FILE]");
    return 2;
}

const int Repeats = 5;
TimeSpan repeat = TimeSpan.FromMilliseconds(330);
var watch = Stopwatch.StartNew();
int[] sizes = [4096, 65_536, 1_048_576];
(OnNonFinite Check, string Suffix)[] checks = [(OnNonFinite.Ignore, "-ignore"), (OnNonFinite.Throw, "")];
RivalLibrary? library = RivalLibrary.Build(out string reason);
if (library is not null)
{
    string? findings = library.CheckDisassembly(out bool strong);
    Console.WriteLine($"C reference: {library.Compiler}, {RivalLibrary.Flags}");
    Console.WriteLine($"its loops: {(findings is null ? "unchecked: no objdump" : strong ? $"as written ({findings})" : $"NOT the strong rival ({findings})")}");
}

Console.WriteLine("ratio = C's processor time / ours; p05 = quiet samples, p50 = all; control = C / C; one thread, float");
Report.WriteHeader();
var rows = new List<Row>();
var sampler = new Sampler();
foreach (string name in Contests.Names)
{
    foreach (int size in sizes)
    {
        foreach ((OnNonFinite check, string suffix) in checks)
        {
            Row row = new(name + suffix, "float", size, 1, Contests.RivalOf(name), check.ToString(), null, null, null, null, false);
            if (library is not null)
            {
                var options = new OptimizerOptions { OnNonFinite = check };
                Contests.Create(name, library, size + 5, Contests.CheckingRate, options).Verify(bitwise: name.EndsWith("-strict", StringComparison.Ordinal));
                Contest contest = Contests.Create(name, library, size, Contests.TimingRate, options);
                double once = sampler.Quiet(contest.Works(1).Rival, TimeSpan.FromMilliseconds(2));
                (Work rival, Work ours) = contest.Works(Math.Clamp((int)(50_000 / once), 1, 1000));
                Ratios[] ratios = sampler.Compare([rival, rival, ours], Repeats, repeat);
                double tolerance = size > Contest.Chunk ? .03 : .01;
                row = row with
                {
                    Width = (int)contest.Width,
                    RatioP05 = ratios[2].P05,
                    RatioP50 = ratios[2].P50,
                    ControlP05 = ratios[1].P05,
                    Conclusive = Math.Abs(ratios[1].P05 - 1) <= tolerance,
                };
            }

            Report.Write(row, library is null ? reason : null);
            rows.Add(row);
        }
    }
}

library?.Delete();
Console.WriteLine($"{rows.Count} rows in {watch.Elapsed.TotalSeconds:0} s");
if (json is not null)
{
    Report.Save(json, rows);
}

return 0;
