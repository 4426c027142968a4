using System.Diagnostics;
using OptDsl.Benchmarks;

const string Usage = """
    usage: OptDsl.Benchmarks [--quick] [--json FILE] [--torch] [--numpy] [--only TEXT]
      --quick      the goals only, with short samples: within a minute
      --json FILE  writes the rows
      --torch      PyTorch too, where a Python has it
      --numpy      NumPy too, where a Python has it
      --only TEXT  rows whose name or competitor contains the text; or start-up, or build
    """;

string? json = null, only = null;
bool quick = false, torch = false, numpy = false;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick":
            quick = true;
            break;
        case "--torch":
            torch = true;
            break;
        case "--numpy":
            numpy = true;
            break;
        case "--json" when i + 1 < args.Length:
            json = args[++i];
            break;
        case "--only" when i + 1 < args.Length:
            only = args[++i];
            break;
        case StartUp.Argument:
            return StartUp.FirstStep();
        case GeneratorTime.Argument when i + 1 < args.Length:
            return GeneratorTime.Generate(int.Parse(args[++i], System.Globalization.CultureInfo.InvariantCulture));
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

var watch = Stopwatch.StartNew();
using var rivals = new Rivals(torch, numpy);
Console.WriteLine(rivals.C is { } library ? $"C: {library.Compiler}, {RivalLibrary.Flags}" : $"C: {rivals.NoC}");
if (rivals.C?.Disassemble() is { } loops)
{
    foreach ((string name, LoopContent due) in RivalLibrary.Loops.Where(loop => loops[loop.Name] != loop.Due))
    {
        Console.WriteLine($"C: {name} is NOT the strong rival: {loops[name]} where {due} is due");
    }
}

if (torch)
{
    Console.WriteLine(rivals.Torch is { } found ? $"PyTorch: {found.Version}" : "PyTorch: no Python here has it");
}

if (numpy)
{
    Console.WriteLine(rivals.Numpy is { } found ? $"NumPy: {found.Version}" : "NumPy: no Python here has it");
}

Console.WriteLine("ratio = the competitor's time / ours; p05 = quiet samples, p50 = all; control = the competitor's / its own");
Console.WriteLine(
    "one thread in processor time, two in time that passes; names end in what a step does about values that are not finite, if it is not the default");
Report.WriteHeader();
var sampler = new Sampler(repeats: 5, TimeSpan.FromMilliseconds(quick ? 60 : 330));
var rows = new List<Row>();
foreach (Entry entry in new Plan(quick, rivals).Entries())
{
    if (only is not null && !entry.Name.Contains(only, StringComparison.Ordinal)
        && !entry.Competitor.Contains(only, StringComparison.Ordinal))
    {
        continue;
    }

    var row = new Row(entry.Name, entry.Element, entry.Size, entry.Threads, entry.Competitor, null, null, null, false)
    {
        Goal = entry.Goal,
        Reason = entry.Missing
    };
    if (entry.Missing is null)
    {
        Ratios ratios = entry.Measure(sampler);
        row = row with
        {
            RatioP05 = ratios.P05,
            RatioP50 = ratios.P50,
            ControlP05 = ratios.ControlP05,
            Conclusive = Math.Abs(ratios.ControlP05 - 1) <= entry.Tolerance,
        };
    }

    Report.Write(row);
    rows.Add(row);
}

if (only is null or "start-up")
{
    StartUp.Report();
}

if (only == "build" || (only is null && !quick))
{
    GeneratorTime.Report();
}

Console.WriteLine($"{rows.Count} rows in {watch.Elapsed.TotalSeconds:0} s");
if (json is not null)
{
    Report.Save(json, rows);
}

return 0;
