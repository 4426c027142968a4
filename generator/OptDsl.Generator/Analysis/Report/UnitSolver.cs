namespace OptDsl.Generator.Analysis.Report;

/// <summary>
/// Equations between units, solved as they come: linear ones over the exponents, by elimination. An equation that
/// contradicts those before it is refused and changes nothing.
/// </summary>
internal sealed class UnitSolver
{
    private readonly Dictionary<int, Unit> solved = [];
    private int unknowns;

    internal int NewUnknown() => unknowns++;

    /// <summary>The unit in terms of unknowns that are not solved yet.</summary>
    internal Unit Resolve(Unit unit)
    {
        Unit result = unit;
        foreach (int unknown in unit.Unknowns.Keys)
        {
            if (solved.TryGetValue(unknown, out Unit? solution))
            {
                result = result.With(unknown, solution);
            }
        }

        return result;
    }

    internal bool Equate(Unit a, Unit b)
    {
        Unit quotient = Resolve(a).Times(Resolve(b), -1);
        if (quotient.IsKnown)
        {
            return quotient.IsNumber;
        }

        // The newest, so that a state takes the unit of what it stores and not the other way round.
        int pivot = quotient.Unknowns.Keys.Max();
        double exponent = quotient.Unknowns[pivot];
        Unit solution = quotient.Times(Unit.Of(pivot), -exponent).Power(-1 / exponent);
        foreach (int other in solved.Keys.ToList())
        {
            solved[other] = solved[other].With(pivot, solution);
        }

        solved[pivot] = solution;
        return true;
    }
}
