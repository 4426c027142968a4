using System.Globalization;
using System.Reflection;
using OptDsl.Generator.Model;
using OptDsl.Generator.Tests.Model;

namespace OptDsl.Generator.Tests.RandomRules;

/// <content>What is read when the rule has other values than in the step.</content>
internal sealed unsafe partial class RuleRun<T, TRule>
{
    // Reflection is slow: a long buffer is looked at here and there.
    private const int MostPlaces = 120;

    private readonly TRule[] changedRules = [WithRate(Create(), 0.45), WithRate(Create(), 0.15)];

    /// <summary>Replaces both sides' rules between the step and a read, and puts them back.</summary>
    private string? ReadAnew(Pair run)
    {
        if (TRule.Schema.ReadAt is not { } name || typeof(TRule).GetProperty("LearningRate") is not { CanWrite: true })
        {
            return null;
        }

        SetRules(run.Kernel, changedRules);
        SetRules(run.Other, changedRules);
        try
        {
            return Read(run, changedRules, isChanged: true) ?? (run.Plan.Beside == Beside.Declaration ? ReadByAuthor(run, name) : null);
        }
        finally
        {
            SetRules(run.Kernel, rules);
            SetRules(run.Other, rules);
        }
    }

    private static void SetRules(Optimizer<T, TRule> optimizer, TRule[] rules)
    {
        optimizer.Rule = rules[0];
        if (optimizer.Groups.TryGetValue(Groups[1], out OptimizerGroup<T, TRule>? second))
        {
            second.Rule = rules[1];
        }
    }

    /// <summary>The author's own method, called with what the step stored, where it reads nothing else.</summary>
    private string? ReadByAuthor(Pair run, string name)
    {
        MethodInfo method = typeof(TRule)
            .GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        var sources = method.GetParameters().Select(parameter => Source(run, parameter)).ToList();
        if (sources.Contains(null) || spec.Buffers.Any(buffer => buffer.Role == MemoryRole.ReadAt))
        {
            return null;
        }

        T[] actual = NewTarget(run);
        if (Thrown(() => run.Kernel.Read(actual)) is not null)
        {
            return null;
        }

        var layout = new TensorLayout(run.Plan.Tensors);
        for (int place = 0; place < layout.Count; place += 1 + (layout.Count / MostPlaces))
        {
            object instance = changedRules[layout.TensorAt(place).Group];
            T expected = T.CreateTruncating(
                Convert.ToDouble(method.Invoke(instance, [.. sources.Select(source => source!(layout, place))]),
                    CultureInfo.InvariantCulture));
            if (!RuleValues.Same(actual[place], expected))
            {
                return FormattableString.Invariant(
                    $"with another rate than in the step {place} is read as {actual[place]:R}, and the author's method says {expected:R}");
            }
        }

        return null;
    }

    /// <summary>
    /// What a parameter of the method is at a place, after the step; null where the step left nothing of it, or what readers see is
    /// corrected.
    /// </summary>
    private Func<TensorLayout, int, object>? Source(Pair run, ParameterInfo parameter)
    {
        string name = parameter.Name!;
        if (name == "step")
        {
            return (_, _) => run.Kernel.StepCount;
        }

        if (spec.Members.FirstOrDefault(member => char.ToLowerInvariant(member.Name[0])
            + member.Name[1..] == name) is not { Corrected: false } member || (member.Slot < 0 && member.Role != MemberRole.Update))
        {
            return null;
        }

        object Typed(double value) => Convert.ChangeType(value, parameter.ParameterType, CultureInfo.InvariantCulture);
        if (member.Role == MemberRole.Update)
        {
            T[] parameters = run.Kernel.Parameters.ReadOnlyValues.ToArray();
            return (_, place) => Typed(double.CreateTruncating(parameters[place]));
        }

        if (member.PerElement)
        {
            // A buffer rounds what is uniform though its member is one per parameter, and a read may compute it again.
            T[] content = run.Kernel.State[member.Name].ToArray();
            return spec.Nodes[member.Stored].PerElement ? (_, place) => Typed(double.CreateTruncating(content[place])) : null;
        }

        double[] carried = Carried(run, run.Kernel.Snapshot(), member.Slot);
        return (layout, place) => Typed(carried[layout.Number(member.Kind, place)]);
    }
}
