using OptDsl.Generator.Language;
using OptDsl.Generator.Model;

namespace OptDsl.Generator.Parsing;

/// <summary>Averages with their corrections, and what reductions reduce.</summary>
internal sealed partial class RuleBuilder
{
    private bool BuildAverage(int index, int sample)
    {
        MemberDeclaration member = members[index];
        int setting = Setting(index);
        if (setting == ExpressionTranslator.Failed)
        {
            return false;
        }

        int past = Memory(member);
        NameHint(sample, member.InputName + "Sample");
        if (averages[index]!.Averaging != Averaging.Decay)
        {
            int weight = ToElement(averages[index]!.IsWindow
                ? graph.Add(Operation.Weight, ScalarType.Float64, To(setting, ScalarType.Float64)) : setting);
            if (averages[index]!.IsWindow)
            {
                NameHint(weight, member.InputName + "Weight");
            }

            int change = graph.Add(Operation.Multiply, element, graph.Add(Operation.Subtract, element, sample, past), weight);
            stored[index] = values[index] = graph.Add(Operation.Add, element, past, change);
            return true;
        }

        int decay = ToElement(setting);
        int rest = graph.Add(Operation.Subtract, element, graph.Constant(1.0, element), decay);
        NameHint(rest, "oneMinus" + Names.Pascal(averages[index]!.Source.Name));
        stored[index] = values[index] = graph.Add(
            Operation.Add, element, graph.Add(Operation.Multiply, element, decay, past),
                graph.Add(Operation.Multiply, element, rest, sample));
        if (member.Corrected)
        {
            values[index] = graph.Add(Operation.Multiply, element, stored[index], Correction(index, setting));
        }

        return true;
    }

    /// <summary>The decay, window or weight: a hyperparameter or another member's value.</summary>
    private int Setting(int index)
    {
        AverageSettings average = averages[index]!;
        return average.Member >= 0 ? values[average.Member] : translator.ReadMember(average.Source, members[index].Location);
    }

    /// <summary>1 / (1 - b^t), or one less the product of the decays used, where they change.</summary>
    private int Correction(int index, int decay)
    {
        if (members[index].SettingMember >= 0)
        {
            int one = graph.Constant(1.0, element);
            int quotient = graph.Add(Operation.Divide, element, one, graph.Add(Operation.Subtract, element, one, DecayProduct(index)));
            NameHint(quotient, members[index].InputName + "Correction");
            return quotient;
        }

        int correction = ToElement(graph.Add(Operation.Correction, ScalarType.Float64, To(decay, ScalarType.Float64)));
        NameHint(correction, members[index].InputName + "Correction");
        return correction;
    }

    /// <summary>1 - b^t, or one less the product of the decays used, where they change: what the correction divides by.</summary>
    private int Mass(int index, int decay)
    {
        int mass = members[index].SettingMember >= 0
            ? graph.Add(Operation.Subtract, element, graph.Constant(1.0, element), DecayProduct(index))
            : ToElement(graph.Add(Operation.Mass, ScalarType.Float64, To(decay, ScalarType.Float64)));
        NameHint(mass, members[index].InputName + "Mass");
        return mass;
    }

    private int DecayProduct(int index)
        => graph.Add(Operation.Multiply, element, Carried(members[index].ProductSlot), ToElement(Setting(index)));

    /// <summary>What a reduction is over: the body, in double.</summary>
    private int Reduction(int body, MemberDeclaration member)
    {
        int wide = element == ScalarType.Float32 && graph[body].PerElement
            ? graph.Add(Operation.Widen, ScalarType.Float64, body)
            : To(body, ScalarType.Float64);
        int reduction = graph.Add(new Expression(Operation.Reduction, ScalarType.Float64, member.Kind, wide, Bits: member.Reduction.Bits));
        NameHint(reduction, member.InputName);
        return ToElement(reduction);
    }

    /// <summary>
    /// Widens a per-parameter input of a reduction's body to double, also on buffers of float, where the squares of small gradients would
    /// vanish. A rule in float is computed as it is written.
    /// </summary>
    private int Widened(int input)
    {
        if (element == ScalarType.Float32 || graph[input].Type == ScalarType.Int32 || graph[input].Kind is Kind.Group or Kind.Tensor)
        {
            return input;
        }

        if (graph[input].Type != ScalarType.Boolean)
        {
            return graph.Add(Operation.Widen, ScalarType.Float64, input);
        }

        return graph.Add(Operation.NotEqual, ScalarType.Boolean, graph.Add(Operation.Widen, ScalarType.Float64, Number(input)),
            graph.Constant(0.0, element));
    }
}
