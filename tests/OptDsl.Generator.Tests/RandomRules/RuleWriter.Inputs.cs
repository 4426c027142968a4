namespace OptDsl.Generator.Tests.RandomRules;

/// <content>What members read.</content>
internal sealed partial class RuleWriter
{
    private static readonly (string Name, Construct Construct)[] SizeInputs =
        [("rows", Construct.Rows), ("columns", Construct.Columns), ("count", Construct.Count), ("rank", Construct.Rank)];

    private readonly List<Extra> extras = [];
    private readonly HashSet<string> declared = [];
    private string energy = "energy";

    /// <summary>An input that an attribute declares.</summary>
    private sealed record Extra(string Name, string Attribute, Fineness Fineness, Construct Construct, Construct? Scope);

    private void PlanExtras()
    {
        extras.Add(new Extra(Camel(Named("mask")), "[PerParameter]", Fineness.Parameter, Construct.PerParameter, null));
        extras.Add(new Extra(energy = Camel(Named("energy")), "[PerTensor]", Fineness.Tensor, Construct.PerTensor, null));
        (Construct Construct, string Scope, Fineness Fineness)[] scopes =
        [
            (Construct.DrawParameter, "", Fineness.Parameter), (Construct.DrawRow, "Row", Fineness.Row),
                (Construct.DrawColumn, "Column", Fineness.Column),
            (Construct.DrawTensor, "Tensor", Fineness.Tensor), (Construct.DrawGroup, "Group", Fineness.Group),
                (Construct.DrawGlobal, "Global", Fineness.Group),
        ];
        foreach ((Construct construct, string name) in new[] { (Construct.Gaussian, "noise"), (Construct.Rademacher, "spin"),
            (Construct.Uniform, "jitter") })
        {
            (Construct scope, string text, Fineness fineness) = choices.Weighted(
                [.. scopes.Select((each, index) => (Weight(each.Construct) + (index == 0 ? 2 : 0), each))]);
            extras.Add(new Extra(Camel(Named(name)), text.Length == 0 ? $"[{construct}]" : $"[{construct}(Scope = Scope.{text})]", fineness,
                construct, scope));
        }

        PlanPoints();
    }

    /// <summary>What makes a member as fine as it is planned, where nothing it reads does.</summary>
    private static Extra Fallback(Fineness fineness) => fineness == Fineness.Row
        ? new Extra("rowDraw", "[Uniform(Scope = Scope.Row)]", Fineness.Row, Construct.Uniform, Construct.DrawRow)
        : new Extra("columnDraw", "[Gaussian(Scope = Scope.Column)]", Fineness.Column, Construct.Gaussian, Construct.DrawColumn);

    private List<Input> Inputs(List<Plan> plans, int index)
    {
        Plan plan = plans[index];
        if (plan.Shape == Construct.ReadAnew)
        {
            return Remaining(plans, index);
        }

        if (plan.Shape == Construct.SwappedStates)
        {
            // Without another input the two would be uniform.
            Input partner = new(Sizes.Past(plans[plan.Partner].Name), Kind.Real);
            return choices.Chance(75) ? [partner, new("gradient", Kind.Real)] : [partner];
        }

        var inputs = new List<Input>();
        void Add(string name, Kind kind, string attribute = "")
        {
            if (!inputs.Exists(input => input.Name == name))
            {
                inputs.Add(new Input(name, kind, Attribute: attribute));
            }
        }

        plan.Reads.ForEach(read => Add(read.InputName, read.Kind));
        plan.ReadsPast.ForEach(read => Add(Sizes.Past(read.Name), read.Kind));
        foreach (Plan earlier in plans.Take(index).Where(earlier => earlier.IsReadable && plan.Body.Reads(earlier.Fineness)))
        {
            if (choices.Chance(plan.Role == "Update" || earlier.Role == "Update" ? 70 : 40))
            {
                Add(earlier.InputName, earlier.Kind);
            }
        }

        foreach (Plan any in plans.Where(any => any.IsReadable && index > any.InitialFrom && plan.Body.Reads(any.Fineness)
            && (any.IsUniform || any.Kind != Kind.Bool)))
        {
            if (Wants(Past(any), any == plan && plan.HasMemory ? 65 : 12))
            {
                Add(Sizes.Past(any.Name), any.Kind);
            }
        }

        AddUniforms(plan, Add);
        foreach (Plan average in plans.Take(index).Where(average => average.Correction is { } fineness && plan.Body.Reads(fineness)))
        {
            if (Wants(average.Correction == Fineness.Group ? Construct.CorrectionInput : Construct.CorrectionOfMember, 22))
            {
                Add(average.InputName + "Correction", Kind.Real);
            }
        }

        AddExtras(plans, index, Add);
        if (plan.Body == Fineness.Parameter)
        {
            AddOfParameters(plans, plan, inputs, Add);
        }
        else if (plan.Body != Fineness.Group
        && !inputs.Exists(input => input.Name != Sizes.Past(plan.Name) && FinenessOf(plans, input.Name) == plan.Body))
        {
            AddFallback(plan.Body, Add);
        }

        return inputs;
    }

    private void AddUniforms(Plan plan, Action<string, Kind, string> add)
    {
        if (Wants(Construct.Step, plan.Fineness == Fineness.Group && plan.Role != "Reduce" ? 70 : 15)
            || Favours(Construct.GuardedReturn, Construct.GuardedDivision, Construct.IntDivision, Construct.IntRemainder))
        {
            add("step", Kind.Int, "");
        }

        if (Wants(Construct.PreviousStep, 4))
        {
            add("previousStep", Kind.Int, "");
        }

        if (Wants(Construct.Loss, 3))
        {
            add("loss", Kind.Real, "");
        }

        if (Wants(Construct.PreviousLoss, 2))
        {
            add("previousLoss", Kind.Real, "");
        }

        foreach ((string name, Construct construct) in SizeInputs.Where(_ => plan.Body.Reads(Fineness.Tensor)))
        {
            if (Wants(construct, 2))
            {
                add(name, Kind.Int, "");
            }

            if (Wants(Construct.PreviousSize, 1) && choices.Chance(30))
            {
                add(Sizes.Past(name), Kind.Int, "");
            }
        }
    }

    private void AddExtras(List<Plan> plans, int index, Action<string, Kind, string> add)
    {
        Plan plan = plans[index];
        foreach (Extra extra in extras.Where(extra => plan.Body.Reads(extra.Fineness)).ToList())
        {
            bool wanted = Wants(extra.Construct, 3) || (extra.Scope is { } scope && favourites.Contains(scope) && choices.Chance(60));
            if (wanted)
            {
                // Declared in one member, it may be read by its name in another.
                add(extra.Name, Kind.Real, declared.Add(extra.Name) || choices.Chance(60) ? extra.Attribute : "");
            }

            if (declared.Contains(extra.Name) && Wants(Construct.PreviousExtra, 4))
            {
                add(Sizes.Past(extra.Name), Kind.Real, "");
            }
        }

        AddPoints(plans, index, add);
    }

    private void AddFallback(Fineness fineness, Action<string, Kind, string> add)
    {
        if (fineness == Fineness.Tensor)
        {
            bool given = choices.Chance(50);
            declared.Add(given ? energy : "");
            add(given ? energy : choices.Of(["rank", "rows"]), given ? Kind.Real : Kind.Int, given ? "[PerTensor]" : "");
            return;
        }

        Extra draw = Fallback(fineness);
        add(draw.Name, Kind.Real, draw.Attribute);
    }

    private void AddOfParameters(List<Plan> plans, Plan plan, List<Input> inputs, Action<string, Kind, string> add)
    {
        bool update = plan.Role == "Update", copies = plan.Shape is not null;
        foreach ((string name, int percent) in new[] { ("gradient", copies ? 35 : 80), ("parameter", update ? copies ? 20 : 90 : 20) })
        {
            if (choices.Chance(percent))
            {
                add(name, Kind.Real, "");
            }
        }

        if (Wants(Construct.PreviousGradient, 6))
        {
            add("previousGradient", Kind.Real, "");
        }

        if (Wants(Construct.PreviousParameter, 6))
        {
            add("previousParameter", Kind.Real, "");
        }

        // Its own past does not make a member one per parameter.
        if (plan.Role != "Update"
            && !inputs.Exists(input => input.Name != Sizes.Past(plan.Name) && FinenessOf(plans, input.Name) == Fineness.Parameter))
        {
            add(choices.Of(["gradient", "parameter"]), Kind.Real, "");
        }
    }

    /// <summary>How fine an input is.</summary>
    private Fineness FinenessOf(List<Plan> plans, string name)
    {
        if (plans.Find(plan => plan.InputName == name || Sizes.Past(plan.Name) == name) is { } read)
        {
            return read.Fineness;
        }

        if (plans.Find(plan => plan.Correction is not null && plan.InputName + "Correction" == name) is { } average)
        {
            return average.Correction!.Value;
        }

        string plain = name.StartsWith("previous", StringComparison.Ordinal) ? char.ToLowerInvariant(name[8]) + name[9..] : name;
        return plain switch
        {
            "step" or "loss" => Fineness.Group,
            "rows" or "columns" or "count" or "rank" => Fineness.Tensor,
            "rowDraw" => Fineness.Row,
            "columnDraw" => Fineness.Column,
            _ => extras.Find(extra => extra.Name == plain)?.Fineness ?? Fineness.Parameter,
        };
    }

    private static Construct Past(Plan plan)
        => plan.IsUniform ? Construct.PreviousUniform
        : plan.Role == "Update" ? Construct.PreviousUpdate
        : plan.Role == "RunningAverage" ? Construct.PreviousAverage
        : plan.Role == "State" ? Construct.PreviousState
        : Construct.PreviousDerived;
}
