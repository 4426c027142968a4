namespace OptDsl.Generator.Tests.RandomRules;

/// <content>Plans members: what they are, what there is one of each, what their attributes name.</content>
internal sealed partial class RuleWriter
{
    private static readonly (Construct Construct, string Name)[] Operators =
        [(Construct.ReduceSum, "Sum"), (Construct.ReduceMean, "Mean"), (Construct.ReduceMax, "Max"), (Construct.ReduceMin, "Min")];

    private static readonly (Construct Construct, string Name, Fineness Fineness)[] Scopes =
    [
        (Construct.ScopeRow, "Row", Fineness.Row), (Construct.ScopeColumn, "Column", Fineness.Column),
            (Construct.ScopeTensor, "Tensor", Fineness.Tensor),
        (Construct.ScopeGroup, "Group", Fineness.Group), (Construct.ScopeGlobal, "Global", Fineness.Group),
    ];

    private sealed class Plan(string name, string role, Kind kind, Fineness fineness)
    {
        internal string Name => name;

        internal string Role => role;

        internal Kind Kind => kind;

        /// <summary>Of a reduction, that of its result.</summary>
        internal Fineness Fineness { get; } = fineness;

        internal bool IsUniform => Fineness != Fineness.Parameter;

        /// <summary>Of a reduction, that of what it reduces.</summary>
        internal Fineness Body { get; set; } = fineness;

        /// <summary>Of a reduction, its attribute's arguments.</summary>
        internal string Reduction { get; set; } = "";

        internal Construct? Shape { get; set; }

        internal int Partner { get; set; } = -1;

        /// <summary>The member that gives its content before the first step, or -1: whoever reads its past comes after that one.</summary>
        internal int InitialFrom { get; set; } = -1;

        /// <summary>Of an average that is written, what there is one correction of; null where it has none.</summary>
        internal Fineness? Correction { get; set; }

        /// <summary>Members it reads whatever else it reads, and members whose past it reads.</summary>
        internal List<Plan> Reads { get; } = [];

        internal List<Plan> ReadsPast { get; } = [];

        internal string InputName => Camel(name);

        internal bool HasMemory => role is "State" or "RunningAverage";

        /// <summary>Whether others may read it: those that only a caller reads are written last.</summary>
        internal bool IsReadable => role is not ("ReadAt" or "SearchDirection");
    }

    private string NewName()
    {
        string name = choices.Of(names);
        names.Remove(name);
        return name;
    }

    /// <summary>The members, each after those whose value of this step it may read.</summary>
    private List<Plan> PlanMembers()
    {
        var plans = new List<Plan>();
        int count = 1 + choices.Below(4);
        for (int i = 0; i < count; i++)
        {
            plans.Add(PlanMember());
        }

        foreach ((Construct construct, Kind kind) in new[] { (Construct.UniformInt, Kind.Int), (Construct.UniformBool, Kind.Bool),
            (Construct.UniformDerived, Kind.Real) })
        {
            if (Wants(construct, 6) && names.Count > 7)
            {
                plans.Insert(choices.Below(plans.Count),
                    new Plan(NewName(), "Derived", kind,
                        choices.Chance(70) ? Fineness.Group : choices.Of([Fineness.Tensor, Fineness.Row, Fineness.Column])));
            }
        }

        if (Wants(Construct.DerivedBool, 6) && names.Count > 6)
        {
            plans.Insert(choices.Below(plans.Count), new Plan(NewName(), "Derived", Kind.Bool, Fineness.Parameter));
        }

        if (Favours(Construct.WeightElement) && names.Count > 6)
        {
            plans.Insert(0, new Plan(NewName(), "Derived", Kind.Real, Fineness.Parameter));
            plans.Add(new Plan(NewName(), "RunningAverage", Kind.Real, Fineness.Parameter));
        }

        PlanPointMembers(plans);
        PlanBarriers(plans);
        if (Wants(Construct.SwappedStates, 8) && names.Count > 2)
        {
            int first = plans.Count;
            plans.Add(new Plan(NewName(), "State", Kind.Real, Fineness.Parameter) { Shape = Construct.SwappedStates, Partner = first + 1 });
            plans.Add(new Plan(NewName(), "State", Kind.Real, Fineness.Parameter) { Shape = Construct.SwappedStates, Partner = first });
        }

        // What comes after the update may read the new parameter.
        int place = Wants(Construct.NewParameter, 30) ? choices.Below(plans.Count) : plans.Count;
        if (plans.Exists(plan => plan.Shape == Construct.SwappedStates || plan.Reads.Count > 0))
        {
            place = plans.Count;
        }

        plans.Insert(place,
            new Plan(Named(choices.Of(["Update", "Next"])), "Update", Kind.Real,
                Fineness.Parameter)
            { Shape = Wants(Construct.CopyingUpdate, 10) ? Construct.CopyingUpdate : null });
        PlanInitials(plans);
        if (Wants(Construct.ReadAt, 6) || Favours(Construct.ReadAnew, Construct.ReadOfUniform))
        {
            plans.Add(new Plan(Named("Model"), "ReadAt", Kind.Real, Fineness.Parameter)
            {
                Shape = Wants(Construct.ReadAnew, 60)
                || Favours(Construct.ReadOfUniform) ? Construct.ReadAnew : null
            });
        }

        if (Wants(Construct.SearchDirection, 6))
        {
            plans.Add(new Plan(Named("Direction"), "SearchDirection", Kind.Real, Fineness.Parameter));
        }

        return plans;
    }

    private Plan PlanMember()
    {
        string role = choices.Weighted(
            [(5, "State"), (4, "RunningAverage"), (3, "Derived"), (Weight(Construct.Rate), "Rate"), (2, "Reduce")]);
        if (role == "Reduce")
        {
            return PlanReduction();
        }

        bool uniform = Wants(Construct.UniformState, 12) || (role == "RunningAverage" && Wants(Construct.UniformAverage, 5));
        Fineness fineness = uniform ? Fineness.Group : role switch
        {
            "State" => Finer(Construct.RowState, Construct.ColumnState, Construct.TensorState, 9),
            "RunningAverage" => Finer(Construct.RowAverage, Construct.ColumnAverage, Construct.TensorAverage, 22),
            _ => Finer(null, null, null, 3),
        };
        Kind kind = role != "Derived" ? Kind.Real
            : fineness != Fineness.Parameter
            ? choices.Weighted(
                [(2, Kind.Real), (Weight(Construct.UniformInt) + 1, Kind.Int), (Weight(Construct.UniformBool) + 1, Kind.Bool)])
            : choices.Weighted([(3, Kind.Real), (Weight(Construct.DerivedBool), Kind.Bool)]);
        return new Plan(NewName(), role, kind, fineness)
        {
            Shape = role == "State" && Wants(Construct.CopyingState, 35)
            ? Construct.CopyingState : null
        };
    }

    private Fineness Finer(Construct? row, Construct? column, Construct? tensor, int percent)
    {
        bool Chosen(Construct? construct, int each = 1) => construct is { } known ? Wants(known, each * percent)
            : choices.Chance(each * percent);
        return Chosen(row) ? Fineness.Row
            : Chosen(column) ? Fineness.Column : Chosen(tensor, each: 2) ? Fineness.Tensor : Fineness.Parameter;
    }

    private Plan PlanReduction()
    {
        string how = choices.Weighted([.. Operators.Select(each => (Weight(each.Construct), each.Name))]);
        (_, string over, Fineness fineness) = choices.Weighted([.. Scopes.Select(each => (Weight(each.Construct), each))]);
        bool says = over != "Tensor" || choices.Chance(50);
        Fineness body = choices.Chance(85) ? Fineness.Parameter
            : choices.Of([Fineness.Row, Fineness.Column, Fineness.Tensor, Fineness.Group]);
        return new Plan(NewName(), "Reduce", Kind.Real, fineness)
        {
            Body = body,
            Reduction = $"Reduction.{how}{(says ? $", Scope = Scope.{over}" : "")}"
        };
    }

    /// <summary>Reductions, and what lies on both sides of them.</summary>
    private void PlanBarriers(List<Plan> plans)
    {
        bool favoured = Operators.Any(each => favourites.Contains(each.Construct))
            || Scopes.Any(each => favourites.Contains(each.Construct));
        if ((favoured || choices.Chance(35)) && names.Count > 5)
        {
            plans.Insert(choices.Below(plans.Count + 1), PlanReduction());
        }

        if (Wants(Construct.TwoBarriers, 8) && names.Count > 4)
        {
            Plan first = PlanReduction(), second = PlanReduction();
            second.Body = Fineness.Parameter;
            second.Reads.Add(first);
            plans.AddRange([first, second]);
        }

        if (Wants(Construct.BothSides, 8) && names.Count > 4)
        {
            var state = new Plan(NewName(), choices.Of(["State", "RunningAverage"]), Kind.Real, Fineness.Parameter);
            Plan barrier = PlanReduction();
            barrier.Body = Fineness.Parameter;
            var after = new Plan(NewName(), choices.Of(["Derived", "State"]), Kind.Real, Fineness.Parameter);
            barrier.Reads.Add(state);
            barrier.ReadsPast.Add(state);
            after.Reads.AddRange([state, barrier]);
            after.ReadsPast.Add(state);
            plans.AddRange([state, barrier, after]);
        }

        if (Wants(Construct.ConditionBothSides, 5) && names.Count > 4)
        {
            var before = new Plan(NewName(), "Derived", Kind.Bool, Fineness.Parameter);
            Plan barrier = PlanReduction();
            barrier.Body = Fineness.Parameter;
            barrier.Reads.Add(before);
            var after = new Plan(NewName(), "Derived", Kind.Bool, choices.Chance(50) ? Fineness.Parameter : barrier.Fineness);
            after.Reads.Add(barrier);
            plans.AddRange([before, barrier, after]);
        }
    }

    private void PlanInitials(List<Plan> plans)
    {
        for (int i = 0; i < plans.Count; i++)
        {
            Plan plan = plans[i];
            int percent = Favours(Construct.InitialUniform, Construct.InitialElement, Construct.InitialReduced) ? 75 : 18;
            if (!plan.HasMemory || plan.Shape is not null || HasPoints || !choices.Chance(percent))
            {
                continue;
            }

            // Whoever reads the past of what it is made of has that value in the first step, and so comes after it.
            var sources = Enumerable.Range(0, i)
                .Where(source => plans[source].Kind == Kind.Real && plan.Fineness.Reads(plans[source].Fineness)
                && !plans.Take(source + 1).Any(reader => reader.ReadsPast.Contains(plan))).ToList();
            if (sources.Count > 0)
            {
                var reductions = sources.Where(source => plans[source].Role == "Reduce").ToList();
                var elements = sources.Where(source => !plans[source].IsUniform).ToList();
                bool prefersElements = elements.Count > 0 && Favours(Construct.InitialElement);
                plan.InitialFrom = choices.Of(prefersElements ? elements
                    : reductions.Count > 0 && choices.Chance(40) ? reductions : sources);
            }
        }
    }
}
