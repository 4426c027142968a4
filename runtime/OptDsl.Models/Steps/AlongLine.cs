#pragma warning disable OPT1018 // It writes a point of a line, wherever the parameters are.
namespace OptDsl.Models;

/// <summary>
/// Moves along a line: origin - rate x direction, where the gradients hold the direction. A rate of 0 gives exactly the origin, whatever
/// the direction.
/// </summary>
[Optimizer]
internal sealed partial record AlongLine(double Rate = 0)
{
    [Update]
    double Update(double gradient, [PerParameter] double origin) => Rate == 0 ? origin : origin - Rate * gradient;
}
