using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Analysis;

/// <summary>Where a rule itself writes what the correction of an average divides by: 1 - b^t, as an input or spelt out.</summary>
internal sealed class HandCorrections
{
    private const int MostFactors = 24;

    private readonly RuleSpec rule;
    private readonly int decay;
    private readonly HashSet<int> uncorrected;
    private readonly bool[] countsSteps;

    internal HandCorrections(RuleSpec rule, int decay)
    {
        this.rule = rule;
        this.decay = decay;

        // One correction beside two averages of one decay is that of the one which has none yet.
        uncorrected = [.. rule.Members.Where(member => !member.Corrected && Averages.SettingOf(rule, member) == decay)
            .Select(member => member.Value)];
        countsSteps = Containing(node => rule.Nodes[node].Operation == Operation.Step);
    }

    internal static int Unconverted(RuleSpec rule, int node)
    {
        while (rule.Nodes[node].Operation is Operation.Convert or Operation.Widen)
        {
            node = rule.Nodes[node].A;
        }

        return node;
    }

    /// <summary>Whether the average, or its past, is anywhere multiplied or divided by what a correction is part of.</summary>
    internal bool Meet(int average, int past)
    {
        bool[] ofAverage = Containing(node => node == average || node == past), ofCorrection = Containing(IsCorrection);
        return rule.Nodes.Any(node => node.Operation is Operation.Multiply or Operation.Divide
            && ((ofAverage[node.A] && ofCorrection[node.B]) || (ofCorrection[node.A] && ofAverage[node.B])));
    }

    /// <summary>The first product or quotient with the value on one side of a fraction and a correction on the other; or -1.</summary>
    internal int DivisionOf(int value)
    {
        for (int i = 0; i < rule.Nodes.Count; i++)
        {
            if (i != value && rule.Nodes[i].Operation is Operation.Multiply or Operation.Divide)
            {
                var fraction = new Fraction();
                Collect(i, value, (true, false), fraction);
                if (fraction.IsCorrected)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private void Collect(int index, int value, (bool Above, bool InRoot) place, Fraction fraction)
    {
        if (--fraction.Left <= 0)
        {
            return;
        }

        Expression node = rule.Nodes[index];
        if (index == value)
        {
            fraction.Values.Add(place);
        }
        else if (uncorrected.Contains(index))
        {
            fraction.IsAnothers = true;
        }
        else if (IsCorrection(index))
        {
            fraction.Corrections.Add(place);
        }
        else if (node.Operation is Operation.Multiply or Operation.Divide)
        {
            Collect(node.A, value, place, fraction);
            Collect(node.B, value, node.Operation == Operation.Divide ? (!place.Above, place.InRoot) : place, fraction);
        }
        else if (node.Operation is Operation.Convert or Operation.Widen or Operation.Negate
            || (node.Operation == Operation.Sqrt && !place.InRoot))
        {
            Collect(node.A, value, (place.Above, place.InRoot || node.Operation == Operation.Sqrt), fraction);
        }
    }

    private bool IsCorrection(int index)
    {
        Expression node = rule.Nodes[Unconverted(rule, index)];
        return node.Operation == Operation.Mass ? Unconverted(rule, node.A) == decay
            : node.Operation == Operation.Subtract && Constants.LiteralOf(rule.Nodes, node.A) is 1 && IsPower(Unconverted(rule, node.B));
    }

    /// <summary>A power of the decay that counts steps, or a product that is kept and takes it once more in each.</summary>
    private bool IsPower(int index)
    {
        Expression node = rule.Nodes[index];
        return node.Operation switch
        {
            Operation.Pow => Unconverted(rule, node.A) == decay && countsSteps[node.B],
            Operation.Exp => countsSteps[node.A],
            Operation.Multiply => IsKept(node.A, node.B) || IsKept(node.B, node.A),
            _ => false,
        };
    }

    private bool IsKept(int memory, int factor)
        => rule.Nodes[Unconverted(rule, memory)].Operation is Operation.Carried or Operation.Buffer && Unconverted(rule, factor) == decay;

    private bool[] Containing(Func<int, bool> isIt)
    {
        var contains = new bool[rule.Nodes.Count];
        for (int i = 0; i < contains.Length; i++)
        {
            contains[i] = isIt(i) || rule.Nodes[i].Operands.Any(operand => contains[operand]);
        }

        return contains;
    }

    /// <summary>Where a product or quotient has the value and corrections: above the line or below, and in a root or not.</summary>
    private sealed class Fraction
    {
        internal List<(bool Above, bool InRoot)> Values { get; } = [];

        internal List<(bool Above, bool InRoot)> Corrections { get; } = [];

        /// <summary>How many more factors are looked at.</summary>
        internal int Left { get; set; } = MostFactors;

        /// <summary>Whether another average is there that the correction may belong to.</summary>
        internal bool IsAnothers { get; set; }

        internal bool IsCorrected => Left > 0 && !IsAnothers && Values.Exists(place => Corrections.Contains((!place.Above, place.InRoot)));
    }
}
