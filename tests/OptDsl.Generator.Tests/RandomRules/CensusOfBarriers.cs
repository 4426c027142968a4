namespace OptDsl.Generator.Tests.RandomRules;

/// <summary>Which constructs of reductions, kinds and inputs a member holds.</summary>
internal static class CensusOfBarriers
{
    internal static void OfMember(RuleSyntax rule, Member member, Action<Construct, bool> add)
    {
        add(Construct.RowState, member is { Role: "State", Fineness: Fineness.Row });
        add(Construct.ColumnState, member is { Role: "State", Fineness: Fineness.Column });
        add(Construct.TensorState, member is { Role: "State", Fineness: Fineness.Tensor });
        add(Construct.RowAverage, member is { Role: "RunningAverage", Fineness: Fineness.Row });
        add(Construct.ColumnAverage, member is { Role: "RunningAverage", Fineness: Fineness.Column });
        add(Construct.TensorAverage, member is { Role: "RunningAverage", Fineness: Fineness.Tensor });
        add(Construct.ReadAt, member.Role == "ReadAt");
        add(Construct.ReadAnew,
            member.Role == "ReadAt"
                && member.Inputs.All(input => input.Name == "step"
                    || rule.Members.Any(other => other.InputName == input.Name && (other.HasMemory || other.Role == "Update"))));
        add(Construct.SearchDirection, member.Role == "SearchDirection");
        add(Construct.Observe, member.IsObserved);
        add(Construct.ConditionBothSides, member.Kind == Kind.Bool && IsConditionOnBothSides(rule, member));
        if (member.Role == "Reduce")
        {
            OfReduction(rule, member, add);
        }

        foreach (Input input in member.Inputs)
        {
            OfInput(rule, input, add);
        }
    }

    private static void OfReduction(RuleSyntax rule, Member member, Action<Construct, bool> add)
    {
        bool Has(string text) => member.Setting.Contains(text, StringComparison.Ordinal);
        add(Construct.ReduceSum, Has("Reduction.Sum"));
        add(Construct.ReduceMean, Has("Reduction.Mean"));
        add(Construct.ReduceMax, Has("Reduction.Max"));
        add(Construct.ReduceMin, Has("Reduction.Min"));
        add(Construct.ScopeRow, Has("Scope.Row"));
        add(Construct.ScopeColumn, Has("Scope.Column"));
        add(Construct.ScopeTensor, Has("Scope.Tensor") || !Has("Scope"));
        add(Construct.ScopeGroup, Has("Scope.Group"));
        add(Construct.ScopeGlobal, Has("Scope.Global"));
        add(Construct.TwoBarriers, rule.Members.Any(other => Reads(member, other) && Census.IsReduced(rule, other)));
        foreach (Member state in rule.Members.Where(state => state is { HasMemory: true, IsUniform: false }))
        {
            bool ReadsBoth(Member reader) => Reads(reader, state) && reader.Inputs.Any(input => input.Name == Sizes.Past(state.Name));
            add(Construct.BothSides, ReadsBoth(member) && rule.Members.Any(after => ReadsBoth(after) && Reads(after, member)));
        }
    }

    /// <summary>A condition made of a reduction, in a rule with one that feeds a reduction.</summary>
    private static bool IsConditionOnBothSides(RuleSyntax rule, Member condition) => Census.IsReduced(rule, condition)
        && rule.Members.Any(other => other.Kind == Kind.Bool
            && rule.Members.Any(reduction => reduction.Role == "Reduce" && Reads(reduction, other)));

    private static void OfInput(RuleSyntax rule, Input input, Action<Construct, bool> add)
    {
        string attribute = input.Attribute;
        bool Has(string text) => attribute.StartsWith("[" + text, StringComparison.Ordinal);
        bool isDraw = Has("Gaussian") || Has("Uniform") || Has("Rademacher");
        add(Construct.PerParameter, Has("PerParameter"));
        add(Construct.PerTensor, Has("PerTensor"));
        add(Construct.GradientAt, Has("GradientAt"));
        add(Construct.Gaussian, Has("Gaussian"));
        add(Construct.Uniform, Has("Uniform"));
        add(Construct.Rademacher, Has("Rademacher"));
        add(Construct.DrawParameter, isDraw && !attribute.Contains("Scope", StringComparison.Ordinal));
        foreach ((Construct construct, string scope) in new[] { (Construct.DrawRow, "Row"), (Construct.DrawColumn, "Column"),
            (Construct.DrawTensor, "Tensor"), (Construct.DrawGroup, "Group"), (Construct.DrawGlobal, "Global") })
        {
            add(construct, isDraw && attribute.Contains("Scope." + scope, StringComparison.Ordinal));
        }

        add(Construct.Loss, input.Name == "loss");
        add(Construct.PreviousLoss, input.Name == "previousLoss");
        add(Construct.Rows, input.Name == "rows");
        add(Construct.Columns, input.Name == "columns");
        add(Construct.Count, input.Name == "count");
        add(Construct.Rank, input.Name == "rank");
        add(Construct.PreviousSize, input.Name is "previousRows" or "previousColumns" or "previousCount" or "previousRank");
        add(Construct.PreviousExtra,
            rule.Members.SelectMany(member => member.Inputs)
                .Any(extra => extra.Attribute.Length > 0 && input.Name == Sizes.Past(extra.Name)));
    }

    private static bool Reads(Member reader, Member read) => reader.Inputs.Any(input => input.Name == read.InputName);
}
